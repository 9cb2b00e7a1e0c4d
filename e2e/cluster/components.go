package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"wharfinger.dev/e2e/cluster/process"
)

// component is one long-running program of the cluster.
type component struct {
	name      string
	arguments []string
}

func (s *settings) components() []component {
	pki := func(name string) string { return filepath.Join(s.PKI, name) }
	state := func(name string) string { return filepath.Join(s.State, name) }
	return []component{
		{"etcd", []string{
			s.binary("etcd"), "--data-dir", filepath.Join(s.Data, "etcd"), "--log-level", "warn",
			"--listen-client-urls", "http://127.0.0.1:2379", "--advertise-client-urls", "http://127.0.0.1:2379",
			"--listen-peer-urls", "http://127.0.0.1:2380",
			// Nobody needs this data after a power failure.
			"--unsafe-no-fsync",
		}},
		{"containerd", []string{"containerd", "--config", state("containerd.toml")}},
		{"kube-apiserver", []string{
			s.binary("kube-apiserver"), "--etcd-servers", "http://127.0.0.1:2379", "--profiling=false",
			"--advertise-address", nodeAddress, "--secure-port", "6443", "--service-cluster-ip-range", serviceRange,
			"--authorization-mode", "Node,RBAC", "--enable-admission-plugins", "NodeRestriction", "--allow-privileged",
			"--client-ca-file", pki("ca.crt"),
			"--tls-cert-file", pki("apiserver.crt"), "--tls-private-key-file", pki("apiserver.key"),
			"--kubelet-preferred-address-types", "InternalIP",
			"--kubelet-client-certificate", pki("apiserver-kubelet-client.crt"),
			"--kubelet-client-key", pki("apiserver-kubelet-client.key"),
			"--service-account-issuer", "https://kubernetes.default.svc.cluster.local",
			"--service-account-key-file", pki("sa.pub"), "--service-account-signing-key-file", pki("sa.key"),
			"--requestheader-client-ca-file", pki("front-proxy-ca.crt"),
			"--requestheader-allowed-names", "front-proxy-client",
			"--requestheader-extra-headers-prefix", "X-Remote-Extra-",
			"--requestheader-group-headers", "X-Remote-Group", "--requestheader-username-headers", "X-Remote-User",
			"--proxy-client-cert-file", pki("front-proxy-client.crt"),
			"--proxy-client-key-file", pki("front-proxy-client.key"),
		}},
		{"kube-controller-manager", []string{
			s.binary("kube-controller-manager"), "--kubeconfig", state("controller-manager.conf"),
			"--authentication-kubeconfig", state("controller-manager.conf"),
			"--authorization-kubeconfig", state("controller-manager.conf"),
			"--use-service-account-credentials", "--service-account-private-key-file", pki("sa.key"),
			"--root-ca-file", pki("ca.crt"), "--leader-elect=false", "--profiling=false",
			"--flex-volume-plugin-dir", filepath.Join(s.Data, "volume-plugins"),
			"--cluster-signing-cert-file", pki("ca.crt"), "--cluster-signing-key-file", pki("ca.key"),
		}},
		{"kube-scheduler", []string{
			s.binary("kube-scheduler"), "--kubeconfig", state("scheduler.conf"), "--leader-elect=false", "--profiling=false",
		}},
		{"kubelet", []string{
			s.binary("kubelet"), "--kubeconfig", state("kubelet.conf"), "--config", state("kubelet.yaml"),
			"--root-dir", filepath.Join(s.Data, "kubelet"), "--cert-dir", filepath.Join(s.Data, "kubelet", "pki"),
			"--node-ip", nodeAddress, "--hostname-override", nodeName,
		}},
		{"kube-proxy", []string{s.binary("kube-proxy"), "--config", state("kube-proxy.yaml")}},
		{"local-path-provisioner", []string{
			s.binary("local-path-provisioner"), "start", "--kubeconfig", s.kubeconfig(),
			"--namespace", "local-path-storage", "--configmap-name", "local-path-config",
			"--service-account-name", "default", "--helper-image", busyboxImage,
		}},
	}
}

func (s *settings) table() process.Table {
	return process.Table{Directory: filepath.Join(s.State, "processes")}
}

// start starts the named components, in the cluster's network, unless they already run.
func (s *settings) start(names ...string) error {
	for _, c := range s.components() {
		for _, name := range names {
			if c.name != name || s.table().Alive(name) {
				continue
			}
			if err := s.table().Start(name, s.log(name), insideNamespace(c.arguments...), environment()); err != nil {
				return err
			}
		}
	}
	return nil
}

// environment is this program's own, without what would lead the components elsewhere.
func environment() []string {
	kept := []string{}
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		switch strings.ToUpper(name) {
		case "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "KUBECONFIG":
		default:
			kept = append(kept, variable)
		}
	}
	return kept
}

// kubectl runs kubectl against this cluster, whatever cluster the caller's environment names.
func (s *settings) kubectl(ctx context.Context, input string, arguments ...string) (string, error) {
	all := append([]string{s.binary("kubectl"), "--kubeconfig", s.kubeconfig()}, arguments...)
	// The cache of what the API offers goes with the cluster, not into the person's home.
	environment := []string{"NO_PROXY=" + nodeAddress, "KUBECACHEDIR=" + filepath.Join(s.State, "kubectl")}
	return runIn(ctx, "", environment, input, all...)
}

// containers runs containerd's client in the namespace that the kubelet uses.
func (s *settings) containers(ctx context.Context, arguments ...string) (string, error) {
	return run(ctx, append([]string{"ctr", "--address", s.ContainerdSocket, "--namespace", "k8s.io"}, arguments...)...)
}
