/** Certificates of PostgreSQL servers: who signs for them, when they are renewed, what is wrong. */
@NullMarked
package dev.wharfinger.operator.tls;

import org.jspecify.annotations.NullMarked;
