/** The PostgreSQL side: catalogue, saved definitions, markers. */
@NullMarked
package dev.wharfinger.runner.transfer.postgresql;

import org.jspecify.annotations.NullMarked;
