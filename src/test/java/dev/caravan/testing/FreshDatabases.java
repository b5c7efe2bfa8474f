package dev.caravan.testing;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.AnnotationConsumer;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** Creates the databases of an {@link EachDatabase} test one by one, each just before its turn. */
final class FreshDatabases implements ArgumentsProvider, AnnotationConsumer<EachDatabase> {
  private List<DatabaseVendor> vendors = List.of();

  @Override
  public void accept(EachDatabase annotation) {
    vendors = List.of(annotation.value().length > 0 ? annotation.value() : DatabaseVendor.values());
  }

  @Override
  public Stream<? extends Arguments> provideArguments(
      ParameterDeclarations parameters, ExtensionContext context) {
    return vendors.stream().map(DatabaseVendor::create).map(Arguments::of);
  }
}
