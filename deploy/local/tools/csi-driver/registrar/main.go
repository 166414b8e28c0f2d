// Registrar tells the kubelet where the CSI driver listens, and nothing else.
package main

import (
	"context"
	"errors"
	"flag"
	"io/fs"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"

	"google.golang.org/grpc"
	registration "k8s.io/kubelet/pkg/apis/pluginregistration/v1"
)

type server struct {
	registration.UnimplementedRegistrationServer
	info registration.PluginInfo
}

func (s *server) GetInfo(context.Context, *registration.InfoRequest) (*registration.PluginInfo, error) {
	return &registration.PluginInfo{
		Type: s.info.Type, Name: s.info.Name, Endpoint: s.info.Endpoint, SupportedVersions: s.info.SupportedVersions,
	}, nil
}

func (s *server) NotifyRegistrationStatus(_ context.Context, status *registration.RegistrationStatus) (*registration.RegistrationStatusResponse, error) {
	if !status.PluginRegistered {
		log.Printf("the kubelet refused the registration: %s", status.Error)
	}
	return &registration.RegistrationStatusResponse{}, nil
}

func main() {
	name := flag.String("driver", "secrets-store.csi.k8s.io", "the driver's name")
	endpoint := flag.String("endpoint", "", "the driver's socket")
	socket := flag.String("socket", "", "the socket in the kubelet's plugins_registry that this program listens on")
	flag.Parse()

	if err := os.Remove(*socket); err != nil && !errors.Is(err, fs.ErrNotExist) {
		log.Fatal(err)
	}
	listener, err := net.Listen("unix", *socket)
	if err != nil {
		log.Fatal(err)
	}
	s := grpc.NewServer()
	registration.RegisterRegistrationServer(s, &server{info: registration.PluginInfo{
		Type: "CSIPlugin", Name: *name, Endpoint: *endpoint, SupportedVersions: []string{"1.0.0"},
	}})
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	go func() {
		<-ctx.Done()
		s.GracefulStop()
	}()
	if err := s.Serve(listener); err != nil {
		log.Fatal(err)
	}
}
