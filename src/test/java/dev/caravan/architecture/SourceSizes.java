package dev.caravan.architecture;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Code lines (without blanks and comments) of every Java file and every method body under a folder.
 *
 * @param files one per file; {@code package-info.java} is left out
 * @param types one per class, interface, enum or record with a name, without those nested in it
 * @param methods one per method or constructor, counting what stands between its braces
 */
record SourceSizes(List<Size> files, List<Size> types, List<Size> methods) {
  private static final int ENOUGH_FILES_FOR_QUANTILES = 10;
  private static final int LARGEST = 250;

  /** The classes next to the database may be longer: one table, one class, all its statements. */
  private static final int LARGEST_OF_LEDGER = 450;

  private static final Pattern TEXT_OR_COMMENT =
      Pattern.compile(
          "\"\"\"(?:\\\\.|[^\\\\])*?\"\"\""
              + "|\"(?:\\\\.|[^\"\\\\\n])*+\"|'(?:\\\\.|[^'\\\\\n])*+'"
              + "|//[^\n]*+|/\\*.*?\\*/",
          Pattern.DOTALL);

  /** A measured piece of source. */
  record Size(String name, int lines) {}

  static SourceSizes of(Path folder) throws IOException {
    List<Path> sources;
    try (Stream<Path> paths = Files.walk(folder)) {
      sources =
          paths
              .filter(path -> path.toString().endsWith(".java"))
              .filter(path -> !path.endsWith("package-info.java"))
              .sorted()
              .toList();
    }
    var sizes = new SourceSizes(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      var units = manager.getJavaFileObjectsFromPaths(sources);
      var task = (JavacTask) compiler.getTask(null, manager, null, List.of(), null, units);
      for (var unit : task.parse()) {
        sizes.measure(folder, unit, Trees.instance(task));
      }
    }
    return sizes;
  }

  private void measure(Path folder, CompilationUnitTree unit, Trees trees) throws IOException {
    var file = folder.toUri().relativize(unit.getSourceFile().toUri()).getPath();
    var source = unit.getSourceFile().getCharContent(true).toString();
    var lines = withoutComments(source).lines().toList();
    files.add(new Size(file, countCode(lines)));
    new TreePathScanner<@Nullable Void, @Nullable Void>() {
      @Override
      public @Nullable Void visitClass(ClassTree type, @Nullable Void unused) {
        int nested =
            type.getMembers().stream()
                .filter(ClassTree.class::isInstance)
                .mapToInt(this::codeLines)
                .sum();
        if (!type.getSimpleName().isEmpty()) {
          types.add(new Size(file + " " + type.getSimpleName(), codeLines(type) - nested));
        }
        return super.visitClass(type, null);
      }

      private int codeLines(Tree tree) {
        var positions = trees.getSourcePositions();
        var map = unit.getLineMap();
        int first = (int) map.getLineNumber(positions.getStartPosition(unit, tree));
        int last = (int) map.getLineNumber(positions.getEndPosition(unit, tree));
        return countCode(lines.subList(first - 1, last));
      }

      @Override
      public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
        if (method.getBody() != null) {
          var positions = trees.getSourcePositions();
          var map = unit.getLineMap();
          int first = (int) map.getLineNumber(positions.getStartPosition(unit, method.getBody()));
          int last = (int) map.getLineNumber(positions.getEndPosition(unit, method.getBody()));
          methods.add(
              new Size(file + " " + method.getName(), countCode(inside(lines, first, last))));
        }
        return super.visitMethod(method, null);
      }
    }.scan(unit, null);
  }

  /** The lines between two braces, given their line numbers from 1. */
  private static List<String> inside(List<String> lines, int first, int last) {
    return lines.subList(first, Math.max(first, last - 1));
  }

  private static int countCode(List<String> lines) {
    return (int) lines.stream().filter(line -> !line.isBlank()).count();
  }

  static String withoutComments(String source) {
    return TEXT_OR_COMMENT
        .matcher(source)
        .replaceAll(
            found ->
                found.group().startsWith("/")
                    ? "\n".repeat((int) found.group().chars().filter(c -> c == '\n').count())
                    : Matcher.quoteReplacement(found.group()));
  }

  /** What is too large, and the table of the largest; empty if all is well. */
  List<String> faults() {
    var faults = new ArrayList<String>();
    if (files.size() >= ENOUGH_FILES_FOR_QUANTILES) {
      atMost(faults, "half of the classes", quantile(0.5), 40);
      atMost(faults, "nine of ten classes", quantile(0.9), 120);
    }
    files.forEach(
        file -> {
          boolean ledger = file.name().contains("/ledger/");
          atMost(faults, file.name(), file.lines(), ledger ? LARGEST_OF_LEDGER : LARGEST);
        });
    methods.forEach(method -> atMost(faults, method.name(), method.lines(), 40));
    if (!faults.isEmpty()) {
      faults.add("the largest files:\n" + table(files) + "\nand methods:\n" + table(methods));
    }
    return faults;
  }

  private static void atMost(List<String> faults, String what, int lines, int limit) {
    if (lines > limit) {
      faults.add("%s: %d code lines, the limit is %d".formatted(what, lines, limit));
    }
  }

  private int quantile(double part) {
    var sorted = types.stream().map(Size::lines).sorted().toList();
    return sorted.get((int) Math.ceil(part * sorted.size()) - 1);
  }

  private static String table(List<Size> sizes) {
    return sizes.stream()
        .sorted(Comparator.comparingInt(Size::lines).reversed())
        .limit(10)
        .map(size -> "%6d  %s".formatted(size.lines(), size.name()))
        .collect(Collectors.joining("\n"));
  }
}
