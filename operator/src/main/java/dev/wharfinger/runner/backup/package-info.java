/** Sets of a database and what belongs to it: written, verified, listed, restored. */
@NullMarked
package dev.wharfinger.runner.backup;

import org.jspecify.annotations.NullMarked;
