/**
 * The operator as a process of its own, against a real API server whose answers a proxy spoils: it
 * is killed at every write, its requests get lost, its watches lie.
 */
@NullMarked
package dev.wharfinger.e2e.fault;

import org.jspecify.annotations.NullMarked;
