// Writes and reads by iostreams and by stdio; what reaches the kernel are their buffers.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>

int main()
{
    std::ofstream out("lines.txt");
    for (int i = 0; i < 5000; i++)
        out << "line " << i << '\n';
    out.close();
    std::ifstream in("lines.txt");
    std::string line;
    size_t total = 0;
    while (std::getline(in, line))
        total += line.size();
    FILE *file = std::fopen("binary", "w+b");
    char zeros[300] = {0};
    for (int i = 0; i < 200; i++)
        std::fwrite(zeros, 1, sizeof zeros, file);
    std::fseek(file, 1000, SEEK_SET);
    total += std::fread(zeros, 1, sizeof zeros, file);
    std::fclose(file);
    std::cout << total << std::endl;
    return 0;
}
