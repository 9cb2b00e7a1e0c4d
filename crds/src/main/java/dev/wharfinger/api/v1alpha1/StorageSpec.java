package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * A volume to claim.
 *
 * @param size a Kubernetes quantity such as {@code 5Gi}; may grow, never shrink
 * @param storageClassName the class, or the cluster's default when absent; fixed once claimed
 */
@ValidationRule(
    value =
        "!has(self.size) || (self.size.matches('^[0-9.]+(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)?$') && isQuantity(self.size) &&"
            + " quantity(self.size).compareTo(quantity('1Mi')) >= 0)",
    fieldPath = ".size",
    message = "storage.size must be a quantity of at least 1Mi, for example 5Gi")
public record StorageSpec(
    @JsonPropertyDescription("Size of the volume, for example 5Gi. May grow, never shrink.")
        @Default("1Gi")
        @Size(max = 20)
        @Nullable String size,
    @JsonPropertyDescription("StorageClass of the volume; the cluster's default when absent.")
        @Size(min = 1, max = 253)
        @Nullable String storageClassName) {}
