/** The operator process: its main, its configuration from the environment, its health endpoint. */
@NullMarked
package dev.wharfinger.operator;

import org.jspecify.annotations.NullMarked;
