/** Takes edits of routes and jobs while the service runs: checked first, never inside a run. */
@NullMarked
package dev.caravan.reload;

import org.jspecify.annotations.NullMarked;
