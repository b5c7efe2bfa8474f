package dev.caravan.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * A test that runs once on each database; its first parameter is a fresh {@link TestDatabase},
 * which is removed afterwards.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "[{0}] {displayName}")
@ArgumentsSource(FreshDatabases.class)
public @interface EachDatabase {
  /** The databases meant, all if none is named. */
  DatabaseVendor[] value() default {};
}
