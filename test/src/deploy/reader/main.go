// Reads what is to run in containers as Docker and kubectl read it, and prints what they see as
// JSON: reader compose|context|image|kustomize <path> [profile or --env-file=<file> …]
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

func main() {
	commands := map[string]func(string, ...string) (any, error){
		"compose":   compose,
		"context":   buildContext,
		"image":     image,
		"kustomize": kustomize,
	}
	if len(os.Args) < 3 || commands[os.Args[1]] == nil {
		fail(fmt.Errorf("expected compose|context|image|kustomize <path> […], found %q", os.Args[1:]))
	}
	seen, err := commands[os.Args[1]](os.Args[2], os.Args[3:]...)
	if err != nil {
		fail(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(seen); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// The project in a directory, with these profiles or else those of its .env or of another such file.
func compose(dir string, args ...string) (any, error) {
	profiles, files := []string{}, []string{}
	for _, arg := range args {
		if file, ok := strings.CutPrefix(arg, "--env-file="); ok {
			files = append(files, file)
		} else {
			profiles = append(profiles, arg)
		}
	}
	options, err := cli.NewProjectOptions(nil,
		cli.WithWorkingDirectory(dir), cli.WithEnvFiles(files...), cli.WithDotEnv, cli.WithConfigFileEnv,
		cli.WithDefaultConfigPath, cli.WithDefaultProfiles(profiles...))
	if err != nil {
		return nil, err
	}
	return options.LoadProject(context.Background())
}

// The files of a directory that are sent to whoever builds the image.
func buildContext(dir string, _ ...string) (any, error) {
	file, err := os.Open(filepath.Join(dir, ".dockerignore"))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	patterns, err := ignorefile.ReadAll(file)
	if err != nil {
		return nil, err
	}
	ignored, err := patternmatcher.New(patterns)
	if err != nil {
		return nil, err
	}
	sent := []string{}
	err = filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil || name == "." {
			return err
		}
		skip, err := ignored.MatchesOrParentMatches(name)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if skip && !ignored.Exclusions() {
				return filepath.SkipDir
			}
			return nil
		}
		if !skip {
			sent = append(sent, name)
		}
		return nil
	})
	sort.Strings(sent)
	return sent, err
}

// The stages of a Dockerfile with their instructions.
func image(path string, _ ...string) (any, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	parsed, err := parser.Parse(file)
	if err != nil {
		return nil, err
	}
	stages, _, err := instructions.Parse(parsed.AST, nil)
	if err != nil {
		return nil, err
	}
	type instruction struct {
		Name string `json:"name"`
		What any    `json:"what"`
	}
	type stage struct {
		From         string        `json:"from"`
		Name         string        `json:"name"`
		Instructions []instruction `json:"instructions"`
	}
	seen := []stage{}
	for _, each := range stages {
		s := stage{From: each.BaseName, Name: each.Name}
		for _, command := range each.Commands {
			s.Instructions = append(s.Instructions, instruction{command.Name(), command})
		}
		seen = append(seen, s)
	}
	return seen, nil
}

// Every object that `kubectl apply -k` would apply.
func kustomize(dir string, _ ...string) (any, error) {
	objects, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), dir)
	if err != nil {
		return nil, err
	}
	seen := []any{}
	for _, object := range objects.Resources() {
		fields, err := object.Map()
		if err != nil {
			return nil, err
		}
		seen = append(seen, fields)
	}
	return seen, nil
}
