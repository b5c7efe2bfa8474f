/**
 * What Caravan talks about, free of Camel and of databases: records, requests, batches, outcomes.
 */
@NullMarked
package dev.caravan.batch;

import org.jspecify.annotations.NullMarked;
