package imagetar

import (
	"archive/tar"
	"fmt"
	"io"
	"path"
	"sort"
	"strings"
	"time"
)

// Entry is one file of a layer made from programs on this machine. Exactly one of Source, Link and
// Directory is set.
type Entry struct {
	// Path is absolute inside the image.
	Path string
	// Source is a file on this machine.
	Source string
	// Link is the target of a symbolic link.
	Link string
	// Directory makes an empty directory.
	Directory bool
	// Mode is the permission bits; 0 means 0755.
	Mode int64
}

// WriteLayer makes a layer archive at path out with the entries and their parent directories, all
// owned by root.
func WriteLayer(out string, entries []Entry) error {
	sorted := append([]Entry(nil), entries...)
	sort.Slice(sorted, func(a, b int) bool { return sorted[a].Path < sorted[b].Path })
	return writeWhole(out, func(w io.Writer) error {
		archive := tar.NewWriter(w)
		directories := map[string]bool{"": true, ".": true}
		for _, entry := range sorted {
			if err := addEntry(archive, directories, entry); err != nil {
				return fmt.Errorf("%s: %w", entry.Path, err)
			}
		}
		return archive.Close()
	})
}

func addEntry(archive *tar.Writer, directories map[string]bool, entry Entry) error {
	name := strings.TrimPrefix(path.Clean(entry.Path), "/")
	mode := entry.Mode
	if mode == 0 {
		mode = 0o755
	}
	if err := addDirectories(archive, directories, path.Dir(name), 0o755); err != nil {
		return err
	}
	switch {
	case entry.Directory:
		return addDirectories(archive, directories, name, mode)
	case entry.Link != "":
		return archive.WriteHeader(&tar.Header{
			Typeflag: tar.TypeSymlink, Name: name, Linkname: entry.Link, Mode: 0o777,
			ModTime: time.Unix(0, 0), Format: tar.FormatPAX,
		})
	default:
		return addFile(archive, name, mode, entry.Source)
	}
}

// addDirectories writes a directory after its parents, each once.
func addDirectories(archive *tar.Writer, directories map[string]bool, name string, mode int64) error {
	if directories[name] {
		return nil
	}
	if err := addDirectories(archive, directories, path.Dir(name), 0o755); err != nil {
		return err
	}
	directories[name] = true
	return archive.WriteHeader(&tar.Header{
		Typeflag: tar.TypeDir, Name: name + "/", Mode: mode, ModTime: time.Unix(0, 0), Format: tar.FormatPAX,
	})
}
