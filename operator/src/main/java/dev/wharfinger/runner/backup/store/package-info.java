/** Where sets are kept: objects by key, each complete or not there. */
@NullMarked
package dev.wharfinger.runner.backup.store;

import org.jspecify.annotations.NullMarked;
