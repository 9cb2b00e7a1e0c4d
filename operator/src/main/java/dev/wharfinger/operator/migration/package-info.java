/** The switch of backends as a pure state machine over what is seen in the cluster. */
@NullMarked
package dev.wharfinger.operator.migration;

import org.jspecify.annotations.NullMarked;
