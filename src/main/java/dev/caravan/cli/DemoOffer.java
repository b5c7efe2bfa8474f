package dev.caravan.cli;

import java.math.BigDecimal;
import java.util.List;
import java.util.Random;

/** What a supplier of the demo sells, and how a model would sort its invoice. */
record DemoOffer(String vendor, String text, int price, String department, String summary) {
  /** The one invoice that always needs approval. */
  static final DemoOffer CONFERENCE =
      new DemoOffer(
          "Schlosshotel am See",
          "Hotel conference for the management: offsite room, three days",
          285_000,
          "Admin",
          "Hotel conference offsite room");

  private static final List<DemoOffer> OFFERS =
      List.of(
          new DemoOffer(
              "Nordwind Cloud GmbH",
              "Cloud hosting and data lines, monthly",
              1245,
              "IT",
              "Cloud infrastructure, monthly"),
          new DemoOffer(
              "Papier & Co",
              "Paper, pens and folders for the office",
              86,
              "Admin",
              "Office supplies"),
          new DemoOffer(
              "Stadtwerke S\u00fcd",
              "Energy and water, building 4",
              3410,
              "Facilities",
              "Energy and water, building 4"),
          new DemoOffer(
              "Hellblick Agentur",
              "Autumn campaign: print, fair stand, film",
              88_900,
              "Marketing",
              "Autumn campaign, print and fair"),
          new DemoOffer(
              "Wei\u00df Rechtsanw\u00e4lte",
              "Review of a patent, court fees",
              5200,
              "Legal",
              "Patent review"),
          new DemoOffer(
              "Rail & Fly Reisen",
              "Flights and two nights, sales trip",
              940,
              "Travel",
              "Sales trip, flights and hotel"),
          new DemoOffer(
              "Trans Kontor AG",
              "Freight and customs, 14 pallets",
              7730,
              "Logistics",
              "Freight and customs, 14 pallets"),
          new DemoOffer(
              "Pr\u00fcfwerk", "Interim audit by two auditors", 12_400, "Finance", "Interim audit"),
          new DemoOffer(
              "Lernhaus",
              "Training day for temporary staff",
              2150,
              "HR",
              "Training of temporary staff"),
          new DemoOffer(
              "Gastro \u00d6. M\u00fcller \"Zum L\u00f6wen\"",
              "Lunch <b>buffet</b> for ${n} guests",
              615,
              "Admin",
              "Lunch buffet for guests"));

  static DemoOffer any(Random random) {
    return OFFERS.get(random.nextInt(OFFERS.size()));
  }

  /** The offer a prompt is about. */
  static DemoOffer of(String prompt) {
    return OFFERS.stream()
        .filter(offer -> prompt.contains(offer.vendor()))
        .findFirst()
        .orElse(CONFERENCE);
  }

  BigDecimal amount(Random random) {
    return equals(CONFERENCE)
        ? BigDecimal.valueOf(price, 0).setScale(2)
        : BigDecimal.valueOf(price * 100L + random.nextInt(price * 15), 2);
  }
}
