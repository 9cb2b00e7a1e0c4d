/** Drills: a set is restored for a try, compared, and damaged to see whether that is noticed. */
@NullMarked
package dev.wharfinger.runner.backup.drill;

import org.jspecify.annotations.NullMarked;
