package mainstay.interop;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.jpa.api.config.JpaStorageSettings;
import ca.uhn.fhir.jpa.api.dao.IFhirSystemDao;
import ca.uhn.fhir.jpa.provider.JpaCapabilityStatementProvider;
import ca.uhn.fhir.jpa.search.DatabaseBackedPagingProvider;
import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.interceptor.ResponseHighlighterInterceptor;
import ca.uhn.fhir.rest.server.provider.ResourceProviderFactory;
import ca.uhn.fhir.rest.server.util.ISearchParamRegistry;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/**
 * A FHIR R4 server on a free port of this machine. Prints "READY" and its base URL when it answers, and ends when its
 * standard input does, so that it cannot outlive whoever started it.
 */
public class Main {
  public static void main(String[] arguments) throws Exception {
    AnnotationConfigApplicationContext storage = new AnnotationConfigApplicationContext(Storage.class);
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    connector.setPort(0);
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    context.addServlet(new ServletHolder(fhirServer(storage)), "/fhir/*");
    server.setHandler(context);
    server.start();
    System.out.println("READY http://127.0.0.1:" + connector.getLocalPort() + "/fhir");
    System.out.flush();
    while (System.in.read() >= 0) {
    }
    System.exit(0);
  }

  private static RestfulServer fhirServer(AnnotationConfigApplicationContext storage) {
    RestfulServer fhir = new RestfulServer(storage.getBean(FhirContext.class));
    fhir.registerProviders(storage.getBean("myResourceProvidersR4", ResourceProviderFactory.class).createProviders());
    fhir.registerProvider(storage.getBean("mySystemProviderR4"));
    fhir.setServerConformanceProvider(new JpaCapabilityStatementProvider(fhir, storage.getBean("mySystemDaoR4", IFhirSystemDao.class),
        storage.getBean(JpaStorageSettings.class), storage.getBean(ISearchParamRegistry.class), storage.getBean(IValidationSupport.class)));
    fhir.setPagingProvider(storage.getBean(DatabaseBackedPagingProvider.class));
    fhir.setDefaultResponseEncoding(EncodingEnum.JSON);
    fhir.setDefaultPrettyPrint(true);
    fhir.registerInterceptor(new ResponseHighlighterInterceptor());
    return fhir;
  }
}
