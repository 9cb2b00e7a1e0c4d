/** A restore over data that are there, as a pure state machine over what is seen. */
@NullMarked
package dev.wharfinger.operator.restore;

import org.jspecify.annotations.NullMarked;
