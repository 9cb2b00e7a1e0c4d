/** Migrations of a schema: what is run, what it leaves behind, and what of it is told. */
@NullMarked
package dev.wharfinger.runner.schema;

import org.jspecify.annotations.NullMarked;
