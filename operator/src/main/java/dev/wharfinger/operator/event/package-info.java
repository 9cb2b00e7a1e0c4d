/** Kubernetes Events. */
@NullMarked
package dev.wharfinger.operator.event;

import org.jspecify.annotations.NullMarked;
