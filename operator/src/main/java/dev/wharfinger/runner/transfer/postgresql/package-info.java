/** The PostgreSQL side: catalogue, saved definitions, markers. */
@NullMarked
package dev.wharfinger.runner.transfer.target;

import org.jspecify.annotations.NullMarked;
