/**
 * What the integration tests of every module share: a real API server, the CRDs, the rendered
 * chart.
 */
@NullMarked
package dev.wharfinger.testing;

import org.jspecify.annotations.NullMarked;
