package dev.wharfinger.e2e.fault;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Scheduler, volume binder and kubelet of one namespace: it gives pods a node, runs their {@link
 * Program}, tells their status, and lets them go only after they have stopped.
 */
final class Kubelet implements AutoCloseable {
  private final PodStatus status;
  private final Needs needs;
  private final String namespace;
  private final World world;
  private final Mounts mounts = new Mounts();
  private final Map<String, Pod> pods = new ConcurrentHashMap<>();
  private final Map<String, PersistentVolumeClaim> claims = new ConcurrentHashMap<>();
  private final Map<String, Program> programs = new HashMap<>();
  private final Map<String, Program.Status> told = new HashMap<>();
  private final Map<String, String> logs = new ConcurrentHashMap<>();
  private final Set<String> done = new HashSet<>();
  private final List<Predicate<Pod>> asleep = new ArrayList<>();
  private final ScheduledExecutorService clock;
  private volatile Predicate<Pod> lingers = pod -> false;
  private volatile Predicate<Pod> mute = pod -> false;
  private @Nullable String muted;

  Kubelet(KubernetesClient client, String namespace, World world) {
    this.namespace = namespace;
    this.world = world;
    this.status = new PodStatus(client, namespace);
    this.needs = new Needs(client, namespace, world, claims.values(), mounts);
    clock =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("kubelet-" + namespace).factory());
    clock.scheduleWithFixedDelay(this::tick, 50, 50, TimeUnit.MILLISECONDS);
  }

  /** Takes note of a change. */
  void seen(History.Seen.Kind kind, HasMetadata object) {
    boolean gone = kind == History.Seen.Kind.DELETED;
    String uid = object.getMetadata().getUid();
    mounts.seen(kind, object);
    if (object instanceof Pod pod) {
      pods.compute(uid, (u, before) -> gone ? null : pod);
    } else if (object instanceof PersistentVolumeClaim claim) {
      claims.compute(uid, (u, before) -> gone ? null : claim);
      if (gone) {
        world.lose(uid);
      }
    }
  }

  /** Pods of this sort do not get on, as on a node that is busy, until {@link #wake}. */
  void sleep(Predicate<Pod> which) {
    synchronized (asleep) {
      asleep.add(which);
    }
  }

  /** Pods of this sort take their time to end, as long as {@code which} says so. */
  void linger(Predicate<Pod> which) {
    lingers = which;
  }

  /** The first pod of this sort is never said to be ready, as by a probe that is slow. */
  void muteFirst(Predicate<Pod> which) {
    mute = which;
  }

  void wake() {
    synchronized (asleep) {
      asleep.clear();
    }
  }

  /** The proxy's rule for logs, which a real API server would ask the real kubelet for. */
  Action logs(ApiRequest request) {
    if (!request.is("get", "pods/log")) {
      return Action.PASS;
    }
    String log = logs.getOrDefault(request.name(), "");
    return new Action.Answer(
        200, Map.of("Content-Type", "text/plain"), log.getBytes(StandardCharsets.UTF_8));
  }

  private void tick() {
    claims.values().forEach(claim -> act(() -> bind(claim)));
    pods.values().forEach(pod -> act(() -> live(pod)));
    // Removed without a word: the process is gone all the same.
    programs
        .entrySet()
        .removeIf(e -> {
          boolean gone = !pods.containsKey(e.getKey());
          if (gone) {
            e.getValue().stop();
          }
          return gone;
        });
  }

  private void act(Runnable action) {
    try {
      action.run();
    } catch (KubernetesClientException e) {
      // Changed or gone meanwhile: the next tick sees what there is now.
      if (e.getCode() != 404 && e.getCode() != 409) {
        org.slf4j.LoggerFactory.getLogger(Kubelet.class).warn("kubelet of {}", namespace, e);
      }
    }
  }

  private void bind(PersistentVolumeClaim claim) {
    if (!done.contains(claim.getMetadata().getUid())) {
      status.bound(claim);
      done.add(claim.getMetadata().getUid());
    }
  }

  private void live(Pod pod) {
    String uid = pod.getMetadata().getUid();
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      if (!lingers.test(pod)) {
        end(pod);
      }
    } else if (done.contains(uid) || sleeps(pod)) {
      return;
    } else if (pod.getSpec().getNodeName() == null) {
      if (needs.claims(pod) != null) {
        status.schedule(pod);
      }
    } else {
      run(pod);
    }
  }

  private boolean sleeps(Pod pod) {
    synchronized (asleep) {
      return asleep.stream().anyMatch(p -> p.test(pod));
    }
  }

  private void run(Pod pod) {
    String uid = pod.getMetadata().getUid();
    Program program = programs.get(uid);
    if (program == null) {
      Program.Start start = needs.start(pod);
      if (start == null) {
        return;
      }
      program = Program.of(start);
      programs.put(uid, program);
    }
    Program.Status now = muted(pod, program.tick());
    logs.put(pod.getMetadata().getName(), program.log());
    if (!now.equals(told.get(uid))) {
      if (now.exit() != null) {
        done.add(uid);
        program.stop();
      }
      status.tell(pod, now);
      told.put(uid, now);
    }
  }

  private Program.Status muted(Pod pod, Program.Status status) {
    String uid = pod.getMetadata().getUid();
    if (muted == null && mute.test(pod)) {
      muted = uid;
    }
    return uid.equals(muted) && status.ready() ? Program.Status.STARTING : status;
  }

  private void end(Pod pod) {
    Program program = programs.remove(pod.getMetadata().getUid());
    if (program != null) {
      program.stop();
    }
    status.remove(pod);
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
