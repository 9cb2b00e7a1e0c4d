/** What an instance is, computed once per run from the resource and the observed objects. Pure. */
@NullMarked
package dev.wharfinger.operator.model;

import org.jspecify.annotations.NullMarked;
