/** What makes the transfer of a large database resumable: the ledger of its chunks. */
@NullMarked
package dev.wharfinger.runner.transfer.large;

import org.jspecify.annotations.NullMarked;
