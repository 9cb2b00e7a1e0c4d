/** Whether a PostgreSQL server can be used, and if not, at which layer it ends. */
@NullMarked
package dev.wharfinger.runner.probe;

import org.jspecify.annotations.NullMarked;
