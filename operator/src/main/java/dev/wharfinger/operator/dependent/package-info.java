/** One class per child object with one method {@code desired}. Pure. */
@NullMarked
package dev.wharfinger.operator.dependent;

import org.jspecify.annotations.NullMarked;
