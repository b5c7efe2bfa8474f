/** What single answers to a create prove. */
@NullMarked
package dev.caravan.submit;

import org.jspecify.annotations.NullMarked;
