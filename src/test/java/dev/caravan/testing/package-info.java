/**
 * What tests need around the code under test: real databases, a mail server, a clock that is set by
 * hand. All servers listen on loopback only and come from Maven artifacts.
 */
@NullMarked
package dev.caravan.testing;

import org.jspecify.annotations.NullMarked;
