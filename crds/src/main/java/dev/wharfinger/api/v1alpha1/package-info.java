/**
 * The API {@code wharfinger.dev/v1alpha1} as Java types and nothing else.
 *
 * <p>The CRD YAML in {@code crds/} is generated from these types. Validation rules stand on types,
 * not on record components: a rule on a component is emitted twice, and server-side apply then
 * refuses the CRD.
 */
@NullMarked
package dev.wharfinger.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
