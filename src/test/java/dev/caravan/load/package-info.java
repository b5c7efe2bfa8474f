@NullMarked
package dev.caravan.load;

import org.jspecify.annotations.NullMarked;
