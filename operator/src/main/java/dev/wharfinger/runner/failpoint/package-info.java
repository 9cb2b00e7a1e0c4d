/** Places where a test lets the runner die. */
@NullMarked
package dev.wharfinger.runner.failpoint;

import org.jspecify.annotations.NullMarked;
