/** One thin reconciler per kind. The only package that sees JOSDK's {@code Context}. */
@NullMarked
package dev.wharfinger.operator.reconcile;

import org.jspecify.annotations.NullMarked;
