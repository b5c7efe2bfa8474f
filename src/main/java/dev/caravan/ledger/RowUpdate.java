package dev.caravan.ledger;

/**
 * Gives each of many rows values of its own, by its key, and only where a condition still holds for
 * the row {@code r}; the {@code constants} are assignments that are the same for all.
 */
record RowUpdate(String table, Columns values, String constants, Columns key, String condition) {
  /** What the parameters are, in order. */
  Columns columns() {
    return values.and(key);
  }

  /** For one row. */
  String one() {
    return "update %s r set %s, %s where %s and %s"
        .formatted(
            table,
            values.each(", ", column -> column.name() + " = ?"),
            constants,
            key.each(" and ", column -> "r." + column.name() + " = ?"),
            condition);
  }

  /**
   * For all rows at once, as PostgreSQL takes them: the places (from 0) of those that changed. Each
   * is looked up by its key, whatever the planner thinks of the table, and joined by its place. A
   * row that another transaction changes meanwhile has a new place and is left out.
   */
  String all() {
    return """
    update %s r set %s, %s
    from (
      select given.*, found.ctid as at
      from unnest(%s) with ordinality as given (%s, place)
      cross join lateral (select s.ctid from %s s where %s limit 1) found) v
    where r.ctid = v.at and %s
    returning v.place - 1 as place
    """
        .formatted(
            table,
            values.each(", ", column -> column.name() + " = v." + column.name()),
            constants,
            columns().arrays(),
            columns().names(),
            table,
            key.each(" and ", column -> "s." + column.name() + " = given." + column.name()),
            condition);
  }
}
