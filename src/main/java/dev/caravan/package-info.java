/** Caravan put together: settings, ledger, beans and routes as one running application. */
@NullMarked
package dev.caravan;

import org.jspecify.annotations.NullMarked;
