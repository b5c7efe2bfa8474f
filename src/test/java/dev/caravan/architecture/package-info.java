/**
 * Gates: rules about names, packages, sizes, routes, settings and the repository itself, each with
 * a proof that it bites.
 */
@NullMarked
package dev.caravan.architecture;

import org.jspecify.annotations.NullMarked;
