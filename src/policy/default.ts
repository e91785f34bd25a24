/** The policy that runs when no file is given, as `aloft policy default` prints it. */
export const defaultPolicy = `# What aloft does when no policy file is given: the three core rules, for every namespace but the system's.
# Copy it, change it, and check it with: aloft policy validate policy.yaml
apiVersion: aloft.dev/v1alpha1
kind: Policy
metadata:
  name: default
spec:
  cluster:
    dataPlaneMode: both # sidecar | ambient | both; both is safe when unsure
  rules:
    - rule: agents-outside-mesh
      mode: enforce # enforce | warn | audit | off
      settings:
        vendors: [datadog, sysdig, dynatrace]
    - rule: datadog-endpoint-checks
      mode: enforce
      settings:
        annotations: v1 # v1 is read by every Agent, v2 by Cluster Agents from 7.36 on
    - rule: tracer-env
      mode: enforce
      settings:
        vendor: datadog # datadog | opentelemetry
        agent:
          via: hostIP # hostIP | service | socket
`;
