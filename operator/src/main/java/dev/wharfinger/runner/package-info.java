/**
 * What runs inside Jobs, and what a person can run at a shell. Knows databases and no Kubernetes.
 */
@NullMarked
package dev.wharfinger.runner;

import org.jspecify.annotations.NullMarked;
