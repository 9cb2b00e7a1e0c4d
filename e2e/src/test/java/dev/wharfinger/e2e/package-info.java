/** Stories told on a real cluster: the chart installed, the examples applied, real applications. */
@NullMarked
package dev.wharfinger.e2e;

import org.jspecify.annotations.NullMarked;
