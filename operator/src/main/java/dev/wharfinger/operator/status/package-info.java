/** Conditions and phases. Pure. */
@NullMarked
package dev.wharfinger.operator.status;

import org.jspecify.annotations.NullMarked;
