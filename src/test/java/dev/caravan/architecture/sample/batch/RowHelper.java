package dev.caravan.architecture.sample.batch;

import org.apache.camel.Exchange;

/** Says nothing by its name and knows Camel. */
public record RowHelper(Exchange exchange) {}
