package dev.caravan.ledger;

import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Creates and upgrades Caravan's tables with Flyway, in a history of their own beside whatever the
 * schema already holds.
 */
public final class LedgerTables {
  private final Flyway flyway;

  public LedgerTables(DataSource dataSource, Vendor vendor, @Nullable String schema) {
    var configuration =
        Flyway.configure()
            .dataSource(dataSource)
            .locations("classpath:db/migration")
            .sqlMigrationPrefix("V")
            .table("caravan_schema_history")
            .baselineOnMigrate(true)
            .baselineVersion("0")
            .placeholders(vendor.placeholders())
            .loggers("slf4j");
    this.flyway =
        (schema == null || schema.isBlank()
                ? configuration
                : configuration.schemas(vendor.folded(schema)).defaultSchema(vendor.folded(schema)))
            .load();
  }

  /** Migrations the database does not have yet. */
  public List<String> pending() {
    return Arrays.stream(flyway.info().pending()).map(MigrationInfo::getScript).toList();
  }

  /** All migrations of this version, asking no database that anybody uses. */
  static MigrationInfoService known(Vendor vendor) {
    return new LedgerTables(new DriverManagerDataSource("jdbc:h2:mem:"), vendor, null).info();
  }

  /** All migrations, with what the database knows of them. */
  MigrationInfoService info() {
    return flyway.info();
  }

  /**
   * Brings the tables up to date; does nothing, and needs no right to, when they are.
   *
   * @throws FlywayException when a migration fails
   */
  public void migrate() {
    if (!pending().isEmpty()) {
      flyway.migrate();
    }
  }
}
