/** Everything a person can set: {@code config/}, the environment and the command line, checked. */
@NullMarked
package dev.caravan.settings;

import org.jspecify.annotations.NullMarked;
