package dev.caravan.settings;

/** Takes a fault of a schema at a JSON pointer. */
interface SchemaFaults {
  void refuse(String pointer, String message, String remedy);
}
