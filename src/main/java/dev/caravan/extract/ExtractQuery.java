package dev.caravan.extract;

import dev.caravan.settings.Job;
import dev.caravan.settings.SqlText;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A job's extract.sql with its parameters, which camel-jdbc binds to the question marks in order.
 */
record ExtractQuery(String sql, Map<String, Object> parameters) {
  static ExtractQuery of(Job job, LocalDateTime due) {
    SqlText sql =
        SqlText.statements("config/jobs/" + job.name() + "/extract.sql", job.extractSql()).get(0);
    Map<String, Object> values = new LinkedHashMap<>();
    for (String name : sql.parameters()) {
      values.put(
          name + "-" + values.size(), name.equals("night") ? due.toLocalDate() : (Object) due);
    }
    return new ExtractQuery(sql.jdbc(), values);
  }
}
