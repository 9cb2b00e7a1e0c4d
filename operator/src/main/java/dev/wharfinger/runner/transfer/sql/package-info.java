/** What holds for the SQL of both sides. */
@NullMarked
package dev.wharfinger.runner.transfer.sql;

import org.jspecify.annotations.NullMarked;
