/** SQLite files of one moment, and what lies beside them. Nothing of the application is written. */
@NullMarked
package dev.wharfinger.runner.backup.sqlite;

import org.jspecify.annotations.NullMarked;
