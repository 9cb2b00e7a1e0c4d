/** What a transfer has to remember of rows, of which there may be more than memory is for. */
@NullMarked
package dev.wharfinger.runner.transfer.scratch;

import org.jspecify.annotations.NullMarked;
