@NullMarked
package dev.caravan.extract;

import org.jspecify.annotations.NullMarked;
