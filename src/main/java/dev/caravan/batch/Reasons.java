package dev.caravan.batch;

import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Why something failed, as people read it: one line, never empty, whatever was thrown. */
public final class Reasons {
  /** Which of Camel's exchanges it was tells people nothing. */
  private static final Pattern EXCHANGE =
      Pattern.compile("(?: on the exchange:| on:)?[. ]*Exchange\\[[^\\]]*]");

  /** What Caravan throws says in its own words what failed. */
  private static final String OURS = "dev.caravan.";

  private Reasons() {}

  /**
   * What failed first, in its own words, or in those of an exception around it that says more; of
   * one without words, what it was and where.
   */
  public static String of(@Nullable Throwable failure) {
    if (failure == null) {
      return "no reason was given";
    }
    Iterator<Throwable> outwards = innermostFirst(failure).iterator();
    Throwable inner = outwards.next();
    String reason = words(inner);
    boolean wordless = reason.isEmpty();
    if (wordless) {
      reason = wordless(inner);
    }
    while (outwards.hasNext()) {
      Throwable outer = outwards.next();
      String around = isWrapper(outer, inner) ? "" : words(outer);
      boolean ours = !around.isEmpty() && outer.getClass().getName().startsWith(OURS);
      if (around.contains(reason) || (!wordless && (ours || around.contains(raw(inner))))) {
        reason = around;
      } else if (wordless && !around.isEmpty()) {
        reason = around + ": " + reason;
        wordless = false;
      }
      inner = outer;
    }
    return reason;
  }

  private static Deque<Throwable> innermostFirst(Throwable failure) {
    Deque<Throwable> chain = new ArrayDeque<>();
    for (Throwable t = failure; t != null && !chain.contains(t); t = t.getCause()) {
      chain.push(t);
    }
    return chain;
  }

  /** What a framework wraps around a failure tells of the framework. */
  private static boolean isWrapper(Throwable outer, Throwable inner) {
    String kind = outer.getClass().getName();
    return kind.startsWith("org.apache.camel.")
        || kind.startsWith("org.springframework.")
        || String.valueOf(outer.getMessage()).equals(inner.toString())
        || String.valueOf(outer.getMessage()).equals(inner.getClass().getName());
  }

  /** Its message in one line; some exceptions of the JDK name nothing but a file or a host. */
  private static String words(Throwable failure) {
    String text = raw(failure);
    if (text.equals("null") || text.codePoints().noneMatch(Character::isLetterOrDigit)) {
      return "";
    }
    if (failure instanceof NoSuchFileException) {
      return "there is no file " + text;
    }
    if (failure instanceof AccessDeniedException) {
      return "no permission for " + text;
    }
    if (failure instanceof FileAlreadyExistsException) {
      return text + " is already there";
    }
    if (failure instanceof UnknownHostException && !text.contains(" ")) {
      return "unknown host " + text;
    }
    return text.contains(" ") ? text : failure.getClass().getSimpleName() + ": " + text;
  }

  private static String raw(Throwable failure) {
    return EXCHANGE
        .matcher(String.valueOf(failure.getMessage()))
        .replaceAll("")
        .strip()
        .replaceAll("\\s*\\R\\s*", " ");
  }

  /** What is said of an exception whose message says nothing: its kind and where it was thrown. */
  public static String wordless(Throwable failure) {
    String kind = failure.getClass().getSimpleName();
    String name = kind.isEmpty() ? failure.getClass().getName() : kind;
    return Arrays.stream(failure.getStackTrace())
        .filter(at -> !at.getClassName().matches("(java|jdk|sun)\\..*"))
        .findFirst()
        .map(at -> name + " without a message in " + place(at))
        .orElse(name + " without a message");
  }

  private static String place(StackTraceElement at) {
    String type = at.getClassName().replaceFirst(".*[.$]", "");
    String line = at.getLineNumber() > 0 ? ":" + at.getLineNumber() : "";
    return type + "." + at.getMethodName() + line;
  }
}
